// Before the first paint, and small enough to be waited for: light or dark, if the reader has chosen.
try {
  const theme = localStorage.getItem('tradepost.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's choice holds.
}
