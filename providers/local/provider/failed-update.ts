import type { Properties } from './resource-handler.ts';

/**
 * An update that took effect but did not come to a good end. Pulumi records the new properties and
 * repeats the update the next time, whatever the program says then (pulumirpc.ErrorResourceInitFailed).
 * Its fields are what Pulumi's server looks for.
 */
export class FailedUpdate extends Error {
  override readonly name = 'FailedUpdate';
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: readonly string[];

  constructor(id: string, properties: Properties, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.id = id;
    this.properties = properties;
    this.reasons = [reason];
  }
}
