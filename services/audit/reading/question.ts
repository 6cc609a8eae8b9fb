/** Which entries are wanted: those that have all that is given. */
export interface EntryFilter {
  readonly eventId?: string;
  readonly subject?: string;
  readonly correlationId?: string;
}

/** What the command `audit` may ask of the trail; it travels as JSON. */
export type Question =
  | { readonly ask: 'entries'; readonly anyOf: readonly EntryFilter[] }
  | {
      readonly ask: 'state';
      readonly source: string;
      readonly subject: string;
      /** RFC 3339. */
      readonly time: string;
    }
  | { readonly ask: 'proofs'; readonly indexes: readonly string[] };

/** Reads a question; throws if it is none. */
export function readQuestion(text: string): Question {
  const question = JSON.parse(text) as Question;
  if (!['entries', 'state', 'proofs'].includes(question.ask)) {
    throw new Error(`A question must be for entries, state or proofs, got '${question.ask}'`);
  }
  return question;
}
