/**
 * Marks of Pulumi's protocol, which its SDK exports too: from there they come with all that it loads to speak with an engine, and
 * what only reads properties speaks with none. A test holds them against the SDK.
 * Source: @pulumi/pulumi 3.250, runtime/rpc.ts
 */

/** Stands for a value that only an update will know. */
export const UNKNOWN_VALUE = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** The member that says what a marked object is. */
export const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d';

/** What it says of a secret. */
export const SECRET_SIGNATURE = '1b47061264138c4ac30d75fd1eb44270';
