import { describe, expect, it } from 'vitest';
import { cycles, importsOf } from './import-graph.ts';
import { folderProblem, importProblem, resolve } from './imports.ts';

describe('the ladder of imports', () => {
  it('lets a file import its own folder and lower ranks', () => {
    expect(importProblem('services/order/src/actions/a.ts', 'services/order/src/store/b.ts')).toBeNull();
    expect(importProblem('services/order/src/actions/a.ts', 'services/order/src/actions/b.ts')).toBeNull();
    expect(importProblem('services/order/src/main.ts', 'services/order/src/http/b.ts')).toBeNull();
    expect(importProblem('packages/runtime/src/a.ts', 'packages/postgres/src/b.ts')).toBeNull();
    expect(importProblem('web/src/app/a.tsx', 'web/src/shop/cart/b.tsx')).toBeNull();
    expect(importProblem('web/src/shop/home/a.tsx', 'web/src/shop/cart/b.tsx')).toBeNull();
    expect(importProblem('web/src/shop/a.tsx', 'web/src/design/b.tsx')).toBeNull();
    expect(importProblem('web/src/api/a.ts', 'packages/client/src/client.ts')).toBeNull();
    expect(importProblem('web/src/design/a.tsx', 'packages/contracts/src/currencies.ts')).toBeNull();
    expect(importProblem('web/src/main.tsx', 'web/src/app/app.tsx')).toBeNull();
  });

  it.each([
    ['services/order/src/domain/a.ts', 'services/order/src/store/b.ts'],
    ['services/order/src/store/a.ts', 'services/order/src/payments/b.ts'],
    ['services/order/src/http/a.ts', 'services/order/src/events/b.ts'],
    ['services/order/src/http/a.ts', 'services/order/src/config.ts'],
    ['services/order/src/http/a.ts', 'services/product/src/domain/b.ts'],
    ['services/order/src/main.ts', 'packages/testing/src/b.ts'],
    ['packages/runtime/src/a.ts', 'services/order/src/domain/b.ts'],
    ['packages/postgres/src/a.ts', 'packages/runtime/src/b.ts'],
    ['web/src/design/a.tsx', 'web/src/api/b.ts'],
    ['web/src/shop/a.tsx', 'web/src/account/b.tsx'],
    ['web/src/sell/a.tsx', 'web/src/app/b.tsx'],
    ['web/src/sell/orders/a.tsx', 'web/src/control/b.tsx'],
    ['web/src/api/a.ts', 'packages/contracts/src/b.ts'],
    ['services/order/src/main.ts', 'local/src/b.ts'],
    ['local/src/a.ts', 'prove/src/b.ts'],
    ['packages/testing/src/a.ts', 'tools/b.ts'],
  ])('refuses %s → %s', (from, to) => {
    expect(importProblem(from, to)).not.toBeNull();
  });

  it.each(['services/order/src/helpers/a.ts', 'packages/helpers/src/a.ts', 'web/src/helpers/a.tsx', 'helpers/a.ts'])(
    'wants a rank for the folder of %s',
    (file) => {
      expect(folderProblem(file)).toContain('no rank');
    },
  );

  it('reads imports in every form', () => {
    const text = `import type { A } from './a.ts';\nimport {\n  b,\n  c,\n} from '@tradepost/runtime/app';\nexport { d } from '../d.ts';\nconst e = await import('./e.ts');`;
    expect(importsOf(text)).toEqual(['./a.ts', '@tradepost/runtime/app', '../d.ts', './e.ts']);
    expect(resolve('services/order/src/http/x.ts', '../d.ts')).toBe('services/order/src/d.ts');
    expect(resolve('services/order/src/http/x.ts', '@tradepost/runtime/app')).toBe('packages/runtime/src/app.ts');
  });

  it('finds cycles', () => {
    const ring = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['a']],
    ]);
    expect(cycles(ring)).toEqual([['a', 'b', 'c', 'a']]);
    expect(
      cycles(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['c']],
          ['c', []],
        ]),
      ),
    ).toEqual([]);
  });
});
