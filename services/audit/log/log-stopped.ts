/** Why a log takes no more entries; nothing but a person's decision goes on from there. */
export class LogStopped extends Error {
  override readonly name = 'LogStopped';
}
