/** A share as people read it, such as '12 %'. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** Seconds as people read them, such as '230 ms' or '75 s'. */
export function seconds(given: number): string {
  if (given < 1) return `${Math.round(given * 1_000)} ms`;
  return `${given < 10 ? Number(given.toFixed(1)) : Math.round(given)} s`;
}
