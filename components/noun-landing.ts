import type { Landings, Noun } from './nouns.ts';

/** How a noun is made real: lowered to a plain value, and that to resources. */
export interface NounLanding<Context, Lowered, Place, Landing> {
  /** Pure. */
  readonly lower: (context: Context) => Lowered;
  readonly land: (lowered: Lowered, place: Place) => Landing;
}

/** A landing for each noun, so that a noun without one does not compile. */
export type NounLandings<Context, Place> = {
  readonly [Name in Noun]: {
    readonly lower: (context: Context) => unknown;
    readonly land: (lowered: never, place: Place) => Landings[Name];
  };
};

/** The plain values of all nouns of a table. */
export type Lowered<Table extends NounLandings<never, never>> = {
  readonly [Name in Noun]: ReturnType<Table[Name]['lower']>;
};

/** Lowers every noun. */
export function lowerNouns<Context, Table extends NounLandings<Context, never>>(
  table: Table,
  context: Context,
): Lowered<Table> {
  return Object.fromEntries(
    Object.entries(table).map(([noun, { lower }]) => [noun, lower(context)]),
  ) as Lowered<Table>;
}

/** Gives the code that declares every noun from what it was lowered to. */
export function landNouns<Place, Table extends NounLandings<never, Place>>(
  table: Table,
  lowered: Lowered<Table>,
  place: Place,
): Landings {
  const entries = Object.entries(table) as [Noun, Table[Noun]][];
  return Object.fromEntries(
    entries.map(([noun, { land }]) => [noun, land(lowered[noun] as never, place)]),
  ) as unknown as Landings;
}
