import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that start processes and wait for them: they take a minute or so each, and little of the processor meanwhile. */
const long = /^(prove|bench|local)\/test\/|^tests\/(e2e|manifests\/pods)\/|^packages\/(messaging|postgres)\/test\//;

/**
 * Runs the longest files first, so that none of them is left over to run alone at the end. Without it vitest knows how
 * long a file takes only from the run before, which a fresh clone has not had.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId, project }: TestSpecification) => long.test(relative(project.config.root, moduleId));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
