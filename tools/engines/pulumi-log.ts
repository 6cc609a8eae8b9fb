import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Has a Pulumi that is short-lived keep no log of its own. It writes every message of every level, compressed and encrypted,
 * which took half of an engine's processor time; there is no setting against it, and it goes without where it cannot make the
 * folder. Source: Pulumi 3.250.0, pkg/cmd/pulumi/pulumi.go ("automatic logging unavailable"), pkg/logging/encrypted.go
 *
 * @param home a folder that nobody has used yet, which PULUMI_HOME will name
 */
export function keepNoLog(home: string): void {
  writeFileSync(path.join(home, 'logs'), '');
}
