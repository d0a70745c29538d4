// `npm run adopt`: makes this repository one's own. Argo CD, manifests, workflows, images and documents name the repository, the
// registry and the public host in some 150 places; this changes all of them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const HELP = `npm run adopt -- --repo <url> --registry <name> --host <name> [--check]

  --repo       https://github.com/acme/shop      what Argo CD reads, and documents link to
  --registry   ghcr.io/acme                      where the images of the services are
  --host       shop.acme.com                     the public address
  --check      changes nothing: lists what names something else, and exits with 1 if there is any

Changes every file that git knows, but for the changelog. To run it again changes nothing; with other names, it changes to those.
`;

export type Names = { repo: string; registry: string; host: string };
/** A line that names something else. */
export type Finding = { file: string; line: number; text: string };

/** The changelog tells what was; the lock file names packages. */
const KEPT = ['CHANGELOG.md', 'package-lock.json'];

/** What the files say now: each name is read where it matters most. */
export function currentNames(root: string): Names {
  const read = (file: string, pattern: RegExp): string => {
    const found = pattern.exec(readFileSync(path.join(root, file), 'utf8'))?.[1];
    if (found === undefined) throw new Error(`${file} does not match ${pattern}`);
    return found;
  };
  return {
    repo: read('argocd/application-set.yaml', /repoURL: https:\/\/(\S+?)(?:\.git)?$/m),
    registry: read('k8s/base/order/deployment.yaml', /image: (\S+)\/order[:@]/),
    host: read('k8s/components/ingress/ingress.yaml', /- host: (\S+)/),
  };
}

const withoutScheme = (url: string): string => url.replace(/^https?:\/\//, '').replace(/(?:\.git)?\/?$/, '');

/** Changes all files to these names, or only lists the lines that would change. */
export function adopt(root: string, names: Names, o: { check: boolean }): Finding[] {
  const current = currentNames(root);
  const wanted = { ...names, repo: withoutScheme(names.repo) };
  const changes = (['repo', 'registry', 'host'] as const)
    .filter((name) => current[name] !== wanted[name])
    .map((name): Change => ({ pattern: wordOf(current[name]), to: wanted[name] }));
  if (current.repo !== wanted.repo) changes.push(...generatorChanges(current.repo, wanted.repo));
  const findings: Finding[] = [];
  for (const file of trackedFiles(root)) {
    const bytes = readFileSync(path.join(root, file));
    // A file with a zero byte is no text.
    if (bytes.includes(0)) continue;
    const lines = bytes.toString('utf8').split('\n');
    const changed = lines.map((text, index) => {
      const after = changes
        .filter(({ folder = '' }) => file.startsWith(folder))
        .reduce((line, { pattern, to }) => line.replace(pattern, to), text);
      if (after !== text) findings.push({ file, line: index + 1, text: text.trim() });
      return after;
    });
    if (!o.check && changed.some((text, index) => text !== lines[index]))
      writeFileSync(path.join(root, file), changed.join('\n'));
  }
  return findings;
}

type Change = { pattern: RegExp; to: string; folder?: string };

/** Argo CD's generator of pull requests has the owner and the name of the repository in two fields. */
function generatorChanges(from: string, to: string): Change[] {
  const fields = (repo: string): string[] => {
    const [, ...names] = repo.split('/');
    return [`owner: ${names.slice(0, -1).join('/')}`, `repo: ${names.at(-1)}`];
  };
  const after = fields(to);
  return fields(from).map((field, index) => ({
    pattern: new RegExp(`(?<=^\\s*)${RegExp.escape(field)}$`, 'i'),
    to: after[index] ?? field,
    folder: 'argocd/previews/',
  }));
}

/** The name, in any case, where it is not a part of a longer word: `shop.example`, and not `workshop.example`. */
function wordOf(name: string): RegExp {
  return new RegExp(`(?<![\\w-])${RegExp.escape(name)}(?![\\w-])`, 'gi');
}

function trackedFiles(root: string): string[] {
  const git = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (git.status !== 0) throw new Error(`git ls-files: ${git.error?.message ?? git.stderr}`);
  return git.stdout
    .split('\0')
    .filter((file) => file !== '' && !KEPT.includes(file) && existsSync(path.join(root, file)));
}

function main(args: string[]): number {
  const { values } = parseArgs({
    args,
    options: {
      repo: { type: 'string' },
      registry: { type: 'string' },
      host: { type: 'string' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const { repo, registry, host, check } = values;
  if (values.help || !repo || !registry || !host) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const root = path.dirname(import.meta.dirname);
  const findings = adopt(root, { repo, registry, host }, { check });
  if (check) {
    for (const { file, line, text } of findings) console.log(`${file}:${line}: ${text}`);
    console.log(
      findings.length === 0 ? 'Everything names what is yours.' : `${findings.length} lines name something else.`,
    );
    return findings.length === 0 ? 0 : 1;
  }
  const files = new Set(findings.map(({ file }) => file));
  console.log(`${findings.length} lines in ${files.size} files were changed.`);
  if (files.size > 0)
    console.log(
      'Names of another length may break lines elsewhere: npm run format. Then look at git diff, and commit.',
    );
  return 0;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
