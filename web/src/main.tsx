import './design/fonts.css';
import './design/tokens.css';
import './design/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { preloadPage } from './app/routes.ts';
import { startScrollRestoration } from './design/scroll-restoration.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
startScrollRestoration();
// The page is on its way already (the HTML names its files): to begin without it would be to show nothing, and then all.
await preloadPage(location.pathname);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
