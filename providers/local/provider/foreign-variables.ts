/** What this plugin reads itself, and what Pulumi's engine tells its plugins. */
const OWN_VARIABLE =
  /^(PATH|HOME|USER|LANG|TMPDIR|NODE_COMPILE_CACHE|MERIDIAN_[A-Z_]+|PULUMI_[A-Z_]+)$/;

/**
 * Removes every other variable. Plain `pulumi` runs this plugin in the user's own environment, where
 * settings that are meant for other servers (a proxy, `PGOPTIONS`, `GRPC_SSL_CIPHER_SUITES`) would
 * steer how it talks to the engine and to the servers of the platform.
 */
export function forgetForeignVariables(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(environment).filter((found) => !OWN_VARIABLE.test(found))) {
    Reflect.deleteProperty(environment, name);
  }
}
