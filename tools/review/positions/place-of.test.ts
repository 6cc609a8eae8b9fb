import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { positionsOf } from '@meridian/components/model/positions.ts';
import type { Positions } from '@meridian/components/model/positions.ts';
import { declared } from '../../../infra/platform-graph.ts';
import type { DeclarationReference } from '../finding.ts';
import { changedFile } from './changed-lines.ts';
import type { ChangedLines } from './changed-lines.ts';
import { placeOf } from './place-of.ts';
import { readChangedLines } from './read-changed-lines.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const positions: Positions = {
  ...positionsOf(declared, root),
  'stack staging': { file: 'stacks/staging.ts', line: 1 },
};

/** A textual edit of a file of the program. */
interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

function changedBy(...edits: readonly Edit[]): ChangedLines {
  return new Map(
    edits.map(({ file, find, replace }) => {
      const base = readFileSync(path.join(root, file), 'utf8');
      expect(base.split(find)).toHaveLength(2);
      return [file, changedFile(file, base, base.replace(find, replace))];
    }),
  );
}

/** What stands on the line that is blamed, of the side that has it. */
function blamed(reference: DeclarationReference, changed: ChangedLines): string {
  const places = { base: positions, head: positions, changed };
  const { file = '', line = 0 } = placeOf(reference, places) ?? {};
  const touched = changed.get(file);
  const isAdded = touched?.added.some((one) => one.line === line);
  const isRemoved = touched?.removed.some((one) => one.line === line);
  const lines = isAdded === true ? touched?.head : isRemoved === true ? touched?.base : undefined;
  const text = (lines ?? readFileSync(path.join(root, file), 'utf8').split('\n'))[line - 1];
  return `${file}: ${text?.trim() ?? ''}`;
}

describe('the line that is blamed', () => {
  test('is the one of the declaration that names the word', () => {
    const changed = changedBy({
      file: 'services/search/service.ts',
      find: "  calls: [call(catalog, 'listStock', 'batchGetProducts')],\n",
      replace:
        "  // Both for facets.\n  calls: [\n    call(catalog, 'listStock', 'batchGetProducts'),\n    call(payments, 'listPayments'),\n  ],\n",
    });
    const reference = { declaration: 'service search', member: 'calls', word: 'ListPayments' };
    expect(blamed(reference, changed)).toBe(
      "services/search/service.ts: call(payments, 'listPayments'),",
    );
  });

  test('is in the base where the word is gone', () => {
    const changed = changedBy({
      file: 'services/orders/service.ts',
      find: "      'refundPayment',\n",
      replace: '',
    });
    const reference = { declaration: 'service orders', member: 'calls', word: 'RefundPayment' };
    expect(blamed(reference, changed)).toBe("services/orders/service.ts: 'refundPayment',");
  });

  test('is one of the access table beside it, though the declaration itself was touched', () => {
    const changed = changedBy(
      {
        file: 'services/orders/access.ts',
        find: 'refundOrder: { anonymous: SIGN_IN, customer: NO',
        replace: 'refundOrder: { anonymous: SIGN_IN, customer: any',
      },
      {
        file: 'services/orders/service.ts',
        find: 'The order life cycle; a saga',
        replace: 'A saga',
      },
    );
    const reference = { declaration: 'service orders', member: 'access', word: 'RefundOrder' };
    expect(blamed(reference, changed)).toMatch(/^services\/orders\/access\.ts: refundOrder: /);
  });

  test('is the row that others share, where none of them names the word', () => {
    const changed = changedBy({
      file: 'services/catalog/access.ts',
      find: 'const merchants = { anonymous: SIGN_IN, customer: NO,',
      replace: 'const merchants = { anonymous: SIGN_IN, customer: any,',
    });
    const reference = { declaration: 'service catalog', member: 'access', word: 'AdjustStock' };
    expect(blamed(reference, changed)).toMatch(
      /^services\/catalog\/access\.ts: const merchants = /,
    );
  });

  test('is within the declaration of two in a file that is meant', () => {
    const changed = changedBy({
      file: 'services/payments/service.ts',
      find: "summary: 'Authorise, capture and refund'",
      replace: "summary: 'Moves money'",
    });
    const service = { declaration: 'service payments', member: 'summary' };
    expect(blamed(service, changed)).toBe("services/payments/service.ts: summary: 'Moves money',");
    const external = { declaration: 'external payment-provider', member: 'secrets' };
    expect(blamed(external, changed)).toBe(
      'services/payments/service.ts: export const paymentProvider = external({',
    );
  });

  test('is one of the contract, by the name of a field', () => {
    const changed = changedBy({
      file: 'services/orders/contract/proto/meridian/orders/v1/orders.proto',
      find: 'message GetOrderRequest {',
      replace: 'message GetOrderRequest {\n  string note = 77;',
    });
    const reference = { declaration: 'service orders', member: 'contract', word: 'note' };
    expect(blamed(reference, changed)).toMatch(/orders\.proto: string note = 77;$/);
  });

  test('is a default of the model where no declaration changed', () => {
    const changed = changedBy({
      file: 'components/model/sizing.ts',
      find: '  minReplicas: 2,',
      replace: '  minReplicas: 3,',
    });
    const reference = { declaration: 'service search', member: 'scale', word: 'minReplicas' };
    expect(blamed(reference, changed)).toBe('components/model/sizing.ts: minReplicas: 3,');
  });

  test('is one of the settings of a stack', () => {
    const changed = changedBy({
      file: 'Pulumi.staging.yaml',
      find: readFileSync(path.join(root, 'Pulumi.staging.yaml'), 'utf8'),
      replace: 'config:\n  meridian:host: shop.example\n',
    });
    expect(blamed({ declaration: 'stack staging', member: 'host' }, changed)).toBe(
      'Pulumi.staging.yaml: meridian:host: shop.example',
    );
  });

  test("is the declaration's own where nothing that is known changed, and the base's where it is gone", () => {
    const nothing: ChangedLines = new Map();
    const own = positions['service catalog'];
    const reference = { declaration: 'service catalog', member: 'scale' };
    const both = { base: positions, head: positions, changed: nothing };
    expect(placeOf(reference, both)).toEqual(own);
    expect(placeOf(reference, { ...both, head: {} })).toEqual(own);
    expect(placeOf({ declaration: 'service nobody' }, both)).toBeUndefined();
  });
});

describe('the lines that differ between two folders', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'meridian-lines-'));
    for (const part of ['services/search', 'stacks', 'Pulumi.staging.yaml']) {
      for (const side of ['base', 'head']) {
        cpSync(path.join(root, part), path.join(folder, side, part), { recursive: true });
      }
    }
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('are those of files that declarations follow from, also where one is new or gone', () => {
    const edited = path.join(folder, 'head/services/search/access.ts');
    const before = readFileSync(edited, 'utf8');
    writeFileSync(edited, before.replace('  suggestProducts: everybody(YES),\n', ''));
    writeFileSync(path.join(folder, 'head/services/search/topics.ts'), 'export {};\n');
    rmSync(path.join(folder, 'head/Pulumi.staging.yaml'));
    writeFileSync(path.join(folder, 'head/services/search/nothing.test.ts'), 'export {};\n');
    const changed = readChangedLines(path.join(folder, 'base'), path.join(folder, 'head'));
    expect([...changed.keys()]).toEqual([
      'Pulumi.staging.yaml',
      'services/search/access.ts',
      'services/search/topics.ts',
    ]);
    expect(
      changed.get('services/search/access.ts')?.removed.map(({ text }) => text.trim()),
    ).toEqual(['suggestProducts: everybody(YES),']);
    expect(changed.get('services/search/topics.ts')?.added).toEqual([
      { line: 1, text: 'export {};' },
    ]);
    expect(changed.get('Pulumi.staging.yaml')?.head).toEqual([]);
  });
});
