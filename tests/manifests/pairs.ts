import type { KubeObject } from './objects.ts';
import type { Environment } from './rendering.ts';
import { renderWith } from './with-component.ts';

/** What a component does to an environment: the objects that it adds, changes and removes. */
type Effect = { added: Map<string, KubeObject>; changed: Map<string, KubeObject>; removed: Set<string> };

const idOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.name}`;
const kindsOf = (ids: Iterable<string>) => new Set([...ids].map((id) => id.split(' ')[0]));

function effectOf(environment: Environment, name: string): Effect {
  const before = new Map(renderWith(environment).map((object) => [idOf(object), object]));
  const after = new Map(renderWith(environment, name).map((object) => [idOf(object), object]));
  const isChanged = ([id, object]: [string, KubeObject]) =>
    before.has(id) && JSON.stringify(before.get(id)) !== JSON.stringify(object);
  return {
    added: new Map([...after].filter(([id]) => !before.has(id))),
    changed: new Map([...after].filter(isChanged)),
    removed: new Set([...before.keys()].filter((id) => !after.has(id))),
  };
}

/**
 * Whether the two could meet in Kustomize: they touch the same object, or one adds objects of a kind of which the other changes or removes
 * some, since a patch selects by kind.
 */
function canMeet(a: Effect, b: Effect): boolean {
  const idsOf = (effect: Effect) => [...effect.added.keys(), ...effect.changed.keys(), ...effect.removed];
  const touched = (effect: Effect) => kindsOf([...effect.changed.keys(), ...effect.removed]);
  const patches = (one: Effect, other: Effect) =>
    [...kindsOf(one.added.keys())].some((kind) => kind !== undefined && touched(other).has(kind));
  const ids = new Set(idsOf(a));
  return idsOf(b).some((id) => ids.has(id)) || patches(a, b) || patches(b, a);
}

const effects = new Map<string, Effect>();

/**
 * What an environment is with both components: rendered by Kustomize where they can meet, and put together from what each of them does where they
 * cannot, since a rendering takes half a second of CPU and there are hundreds of pairs.
 */
export function renderPair(environment: Environment, [a, b]: [string, string]): KubeObject[] {
  const effect = (name: string): Effect => {
    const key = `${environment} ${name}`;
    const found = effects.get(key) ?? effectOf(environment, name);
    effects.set(key, found);
    return found;
  };
  const [first, second] = [effect(a), effect(b)];
  if (canMeet(first, second)) return renderWith(environment, a, b);
  const merged = new Map(renderWith(environment).map((object) => [idOf(object), object]));
  for (const { added, changed, removed } of [first, second]) {
    for (const [id, object] of [...added, ...changed]) merged.set(id, object);
    for (const id of removed) merged.delete(id);
  }
  return [...merged.values()];
}
