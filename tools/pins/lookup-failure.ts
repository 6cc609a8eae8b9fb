/** Why something could not be looked up; the message is the reason that a user reads. */
export class LookupFailure extends Error {
  override readonly name = 'LookupFailure';
}
