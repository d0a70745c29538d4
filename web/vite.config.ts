import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The gateway that the development server passes the API on to. */
const gateway = `http://localhost:${process.env.PORT ?? '8080'}`;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    target: 'baseline-widely-available',
    // Everything that is served carries a hash of its content in its name, in this folder.
    assetsDir: 'assets',
    // No data: URLs, which the Content-Security-Policy would have to allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
  server: { port: 5173, proxy: { '/api': gateway, '/media': gateway, '/docs': gateway, '/openapi.json': gateway } },
});
