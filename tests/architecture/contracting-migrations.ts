/** Why a migration may contract, and whether a release before it is still to be gone back to. */
export interface Contraction {
  readonly why: string;
  /** Whether the release before runs on what it leaves; `npm run test:long -- former-releases` lets it. */
  readonly formerRuns: boolean;
}

/** What contracts all the same, and why the release before does without: its last reader went a release earlier. */
export const CONTRACTING_MIGRATIONS: Readonly<Record<string, Contraction>> = {
  'services/audit/migrations/0007_move-to-archive.sql': {
    why: 'the constraints hold for every row that the release before writes: it has data, and the new column is empty',
    formerRuns: true,
  },
  'services/catalog/migrations/0005_create-stock.sql': {
    why: 'the column moved into tables of its own before the first release',
    formerRuns: false,
  },
  'services/identity/migrations/0007_know-auditors.sql': {
    why: 'the constraint comes in place of a narrower one of the same name',
    formerRuns: true,
  },
};
