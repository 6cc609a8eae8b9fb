import { expect, test } from '@jest/globals';
import { wholeEntry } from './archived-entry.ts';
import { entries } from './entry.ts';

const entry = {
  ...{ index: 7, kind: 'ENTRY_KIND_EVENT', eventId: 'e-7', source: 's', leafHash: '' },
  eventTime: '2026-11-27T09:30:00.000Z',
};

test('an entry whose data has moved is refused without an archive, and told which one has it', async () => {
  const archives = [600, 5, 530].map((size, at) => ({
    ...{ ...entry, index: 700 + at, eventId: `archive/${size}` },
    ...{ kind: 'ENTRY_KIND_BASELINE', type: 'meridian.audit.Archive' },
  }));
  const asked: unknown[] = [];
  const trail = {
    ask(question: { readonly ask: string }) {
      asked.push(question);
      if (question.ask === 'entries') return Promise.resolve(archives);
      const note = 'meridian.local/audit/2\n800\n';
      return Promise.resolve({ note, proofs: [{ index: '7', leaf: '', hashes: [] }] });
    },
  };
  const [archived] = entries.parse([{ ...entry, archived: true }]);
  if (archived === undefined) throw new Error('no entry');
  await expect(wholeEntry(trail, archived, undefined)).rejects.toMatchObject({
    code: 'AUDIT_ENTRY_ARCHIVED',
    message: expect.stringContaining(
      'the archive of 530 entries that entry 702 of 2026',
    ) as unknown,
  });
  expect(asked.at(-1)).toMatchObject({
    anyOf: [{ subject: 'meridian.local/audit/1' }, { subject: 'meridian.local/audit/2' }],
  });
});
