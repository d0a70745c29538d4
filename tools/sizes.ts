import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isCallExpression, isFunctionLikeDeclaration, type Node, type SourceFile } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

const MAX_FILE_LINES = 300;
const MAX_FUNCTION_LINES = 50;

/** `// Long: <reason>`: in the first line of a file, or in a line directly above a function. */
const REASON = /^\s*\/\/ Long: \S/;
const COMMENT_OR_BLANK = /^\s*($|\/\/|\/\*|\*)/;

type SizeEntry = { line: number; lines: number };

/**
 * The files of more than 300 lines and the functions of more than 50 that state no reason, and the reasons that are
 * stated for nothing. A file counts all its lines. A function counts its lines from the first to the last, with the
 * functions inside it, without blank lines and lines that hold only a comment. A reason covers the functions inside. A
 * `describe` callback counts as a part of the file, not as a function.
 */
export function checkSizes(root: string, files: readonly string[]): string[] {
  return withSyntaxTrees(root, files, (sourceOf) =>
    files.flatMap((file) => {
      const source = sourceOf(file);
      return sizeProblems(file, readFileSync(path.join(root, file), 'utf8'), functionsOf(source));
    }),
  );
}

/** What is wrong with the sizes in one file, as lines of `<file>:<line>: …`. `functions` are in the order of their first lines. */
function sizeProblems(file: string, text: string, functions: readonly SizeEntry[]): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const used = new Set<number>();
  const problems: string[] = [];
  const hasReason = (above: number): boolean => {
    for (let line = above; line >= 0 && COMMENT_OR_BLANK.test(lines[line] ?? '') && lines[line] !== ''; line -= 1) {
      if (REASON.test(lines[line] ?? '')) return Boolean(used.add(line));
    }
    return false;
  };
  if (lines.length > MAX_FILE_LINES && !(REASON.test(lines[0] ?? '') && used.add(0))) {
    problems.push(`${file}: ${lines.length} lines, more than ${MAX_FILE_LINES}, without a reason`);
  }
  let excusedUntil = -1;
  for (const { line, lines: length } of functions) {
    const code = lines.slice(line, line + length).filter((text) => !COMMENT_OR_BLANK.test(text)).length;
    if (code <= MAX_FUNCTION_LINES || line < excusedUntil) continue;
    if (hasReason(line - 1)) excusedUntil = line + length;
    else
      problems.push(
        `${file}:${line + 1}: a function of ${code} lines, more than ${MAX_FUNCTION_LINES}, without a reason`,
      );
  }
  lines.forEach((text, line) => {
    if (REASON.test(text) && !used.has(line))
      problems.push(`${file}:${line + 1}: a reason for a length that is allowed`);
  });
  return problems;
}

/** Where each function of a file begins (0 is the first line), and its number of lines. */
function functionsOf(source: SourceFile): SizeEntry[] {
  const found: SizeEntry[] = [];
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node: Node): void => {
    if (isFunctionLikeDeclaration(node) && !isDescribe(node, source)) {
      const line = lineOf(node.getStart(source));
      found.push({ line, lines: lineOf(node.end) - line + 1 });
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

const isDescribe = ({ parent }: Node, source: SourceFile): boolean =>
  parent !== undefined && isCallExpression(parent) && parent.expression.getText(source).startsWith('describe');

/** Parses the files, without types and without what they import. */
function withSyntaxTrees<T>(root: string, files: readonly string[], use: (of: (file: string) => SourceFile) => T): T {
  const config = path.join(root, 'tsconfig.sizes.json');
  const compilerOptions = { noResolve: true, noLib: true, types: [], allowImportingTsExtensions: true, noEmit: true };
  const text = JSON.stringify({ compilerOptions: { ...compilerOptions, jsx: 'preserve' }, files });
  const fs = {
    readFile: (file: string) => (file === config ? text : undefined),
    fileExists: (file: string) => (file === config ? true : undefined),
  };
  const api = new API({ cwd: root, fs });
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    return use((file) => {
      const source = project?.program.getSourceFile(path.join(root, file));
      if (!source) throw new Error(`${file} cannot be parsed`);
      return source;
    });
  } finally {
    api.close();
  }
}
