import { Button } from '../design/button.tsx';
import { MoonIcon, SunIcon } from '../design/icons.tsx';
import { chooseTheme, useTheme } from '../design/theme.ts';

/** From what is seen to its opposite; the opposite of what the system wants is remembered. */
export function ThemeSwitch({ inWords = false }: { inWords?: boolean }) {
  const theme = useTheme();
  const systemDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const dark = theme === 'system' ? systemDark : theme === 'dark';
  const next = dark ? 'light' : 'dark';
  const isSystems = (next === 'dark') === systemDark;
  const label = `Show in ${next} colours`;
  const choose = () => chooseTheme(isSystems ? 'system' : next);
  if (inWords) {
    return (
      <Button kind="quiet" onClick={choose}>
        {label}
      </Button>
    );
  }
  return (
    <Button kind="icon" aria-label={label} onClick={choose}>
      {dark ? <SunIcon /> : <MoonIcon />}
    </Button>
  );
}
