/**
 * A mistake that somebody may make, and what must be said of it. The layer whose table has it is the cheapest that
 * can tell: what one before it knows suffices for no verdict.
 */
export interface Plant<Mistake> {
  /** What is wrong, in words. */
  readonly name: string;
  readonly mistake: Mistake;
  /** Of the refusal: the thing, what is allowed, what was given and where to fix it. */
  readonly message: string;
  /** What the webhook of the operator says, where there is one that refuses it, too. @default none does */
  readonly operator?: string;
}

/** A value in place of another one, or beside it, by the keys from the root. */
export interface Edit {
  readonly at: readonly string[];
  readonly value: unknown;
}

/** A copy with an edit. Throws Error where the way to it leads through nothing: the plant is out of date. */
export function edited<Value>(original: Value, { at, value }: Edit): Value {
  const copy = structuredClone(original);
  const last = at.at(-1) ?? '';
  const parent = at.slice(0, -1).reduce<unknown>((member, key) => {
    const below: unknown =
      typeof member === 'object' && member !== null ? Reflect.get(member, key) : undefined;
    if (below === undefined) throw new Error(`There is no '${key}' on the way to ${at.join('.')}`);
    return below;
  }, copy);
  Reflect.set(parent as object, last, value);
  return copy;
}
