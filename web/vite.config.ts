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
    // Those that know light-dark(), which is not to be written in a longer way.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // Everything that is served carries a hash of its content in its name, in this folder.
    assetsDir: 'assets',
    // No data: URLs, which the Content-Security-Policy would have to allow.
    assetsInlineLimit: 0,
    // All of it is a few kilobytes, and a page that is gone to looks right at once.
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every page needs, in two files rather than in one for each pair of pages that share something; the
          // libraries by themselves, since they change seldom. What only some pages show (dialogs, charts, tables) stays with them.
          groups: [
            {
              name: 'libraries',
              test: /node_modules\/(react|react-dom|scheduler|wouter|regexparam|@tanstack|openapi-fetch)\//,
            },
            {
              name: 'shell',
              test: /contracts\/src\/currencies|web\/src\/(api|app|design\/(?!dialog|chart|area|segments|table|followed)|shop\/(picture|product-card|category-bar|catalogue-notice|search\/search-field))/,
            },
          ],
        },
      },
    },
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
  server: { port: 5173, proxy: { '/api': gateway, '/media': gateway, '/docs': gateway, '/openapi.json': gateway } },
});
