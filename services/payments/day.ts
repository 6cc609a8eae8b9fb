/** Whether a text is a day of the calendar, as 2026-11-27: 2026-02-30 is written well, and is none. */
export function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}
