import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take a minute or so each. */
const long =
  /^(prove|bench|local)\/test\/|^tests\/(browser|e2e|manifests\/pods)\/|^packages\/(messaging|postgres)\/test\//;

/**
 * Runs the longest files first, so that none of them is left over to run alone at the end. Without it vitest knows how
 * long a file takes only from the run before, which a fresh clone has not had. Files of different projects take turns, since those
 * of one need the processor all the time, and those of another wait for processes.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId, project }: TestSpecification) => long.test(relative(project.config.root, moduleId));
    const sorted = await super.sort(files);
    const longest = takingTurns(sorted.filter(isLong));
    return [...longest, ...takingTurns(sorted.filter((file) => !isLong(file)))];
  }
}

/** The first file of every project, then the second of every project, and so on. */
function takingTurns(files: readonly TestSpecification[]): TestSpecification[] {
  const seen = new Map<string, number>();
  const placed = files.map((file) => {
    const place = seen.get(file.project.name) ?? 0;
    seen.set(file.project.name, place + 1);
    return { file, place };
  });
  return placed.sort((a, b) => a.place - b.place).map(({ file }) => file);
}
