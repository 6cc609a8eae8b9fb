/** Seconds for people, with three digits. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'over 10 s';
  if (seconds === 0) return '0';
  if (seconds < 0.001) return `${(seconds * 1e6).toPrecision(3)} µs`;
  if (seconds < 1) return `${Number((seconds * 1e3).toPrecision(3))} ms`;
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

export function rate(perSecond: number): string {
  return `${Number(perSecond.toPrecision(3))}/s`;
}

export function count(value: number, noun: string): string {
  return `${value.toLocaleString('en')} ${noun}${value === 1 ? '' : 's'}`;
}

/** A moment of the day, to the second. */
export function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB');
}

export function date(ms: number): string {
  return new Date(ms).toLocaleDateString('en-GB');
}

export function dateAndClock(ms: number): string {
  return `${date(ms)} ${clock(ms)}`;
}

export function ago(ms: number, nowMs: number): string {
  return `${duration(Math.max(1, Math.round((nowMs - ms) / 1_000)))} ago`;
}

/** A text of somebody else as it is read: what would turn it round or end a line becomes visible. */
export function readable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}').slice(0, 500);
}
