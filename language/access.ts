/** What an account may do: the names of all roles. */
export const ROLES = ['customer', 'merchant', 'support', 'auditor'] as const;

/** One of ROLES. */
export type Role = (typeof ROLES)[number];

/** Who may call a public method: the columns of an access table. */
export const COLUMNS = ['anonymous', ...ROLES] as const;

/** Whose object a request names: the caller's own, somebody else's or the shop's, or none that there is. */
export const WHOSE = ['own', 'another', 'absent'] as const;

/** One of WHOSE. */
export type Whose = (typeof WHOSE)[number];

/** What a caller without a token gets where one is needed. */
export const SIGN_IN = 'UNAUTHENTICATED' as const;

/** What a caller gets whatever the request names. */
export const NO = 'PERMISSION_DENIED' as const;

/** What a caller gets who may: the method does what it does. */
export const YES = 'OK' as const;

/** What somebody with a role gets; refusals are status codes of gRPC. NOT_FOUND tells nobody what there is. */
export type Answer = typeof YES | typeof NO | 'NOT_FOUND';

/** An answer for each object that a request can name. */
export interface AnswerByObject {
  /** Left out where nobody in this role has one: then it is refused. */
  readonly own?: Answer;
  readonly another: Answer;
  readonly absent: Answer;
}

/** What becomes of a call by somebody with a role; an AnswerByObject where that depends on the object. */
export type Cell = Answer | AnswerByObject;

/** What a caller who is nobody in particular may get: such a one owns nothing. */
export type ForEverybody = typeof YES | Omit<AnswerByObject, 'own'>;

/** Who may call one public method. An account with several roles gets the best of their answers. */
export interface AccessRow extends Readonly<Record<Role, Cell>> {
  /** Somebody without a token. */
  readonly anonymous: typeof SIGN_IN | ForEverybody;
  /** What an OK depends on besides, as a sentence. @default nothing */
  readonly provided?: string;
}

/** The rows of public methods by their names in TypeScript; a routed method without one is refused by the graph. */
export type AccessTable<Method extends PropertyKey = string> = Readonly<
  Partial<Record<Method, AccessRow>>
>;

/** The cells of a row for everybody alike. */
export function everybody(each: ForEverybody): AccessRow {
  return { anonymous: each, customer: each, merchant: each, support: each, auditor: each };
}

/** From what refuses most to what refuses nothing. */
const BETTER: readonly Answer[] = [NO, 'NOT_FOUND', YES];

/** What a cell says about an object. */
export function answerOf(cell: Cell, whose: Whose): Answer;
export function answerOf(cell: Cell | typeof SIGN_IN, whose: Whose): Answer | typeof SIGN_IN;
export function answerOf(cell: Cell | typeof SIGN_IN, whose: Whose): Answer | typeof SIGN_IN {
  return typeof cell === 'object' ? (cell[whose] ?? NO) : cell;
}

/** What somebody with these roles gets: the best of the answers to each; a role that no table knows gives none. */
export function answerTo(row: AccessRow, roles: readonly string[], whose: Whose): Answer {
  const answers = ROLES.filter((role) => roles.includes(role)).map((role) =>
    answerOf(row[role], whose),
  );
  return BETTER.findLast((answer) => answers.includes(answer)) ?? NO;
}

/** Whether a cell lets anybody through to the method: what it then gets depends on the object. */
export function letsIn(cell: Cell | typeof SIGN_IN): boolean {
  return WHOSE.some((whose) => answerOf(cell, whose) === YES);
}
