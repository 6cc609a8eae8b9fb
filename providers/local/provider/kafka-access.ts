import type { Admin } from 'kafkajs';
import { isUnreachable, withAdmin } from '../kafka/admin-connection.ts';
import type { KafkaCluster } from '../kafka/cluster.ts';
import type { CodedError } from '@meridian/language/coded-error.ts';
import { withDiskInMind } from './full-disk.ts';
import { isKnownDown } from './known-down.ts';
import type { Context } from './resource-handler.ts';

/** Brokers that start together need a while, on busy cores, until they are a cluster. */
const PATIENCE_MS = 180_000;
const DELETE_PATIENCE_MS = 5000;

/** Runs a change as administrator, with patience while the quorum forms. */
export function changeCluster<T>(
  context: Context,
  cluster: KafkaCluster,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const options = { ...optionsOf(context, cluster), patienceMs: PATIENCE_MS };
  return withDiskInMind(context.folders, cluster.brokers, () => withAdmin(options, work));
}

/**
 * Looks as administrator; when every broker is known to be down `otherwise` says what is assumed, and
 * when none serves that should, too, with a warning.
 */
export async function lookAtCluster<T>(
  context: Context,
  cluster: KafkaCluster,
  what: string,
  work: (admin: Admin) => Promise<T>,
  otherwise: T,
): Promise<T> {
  const down = await Promise.all(
    cluster.brokers.map((broker) => isKnownDown(context.folders, broker)),
  );
  if (down.every(Boolean)) return otherwise;
  try {
    return await withAdmin(optionsOf(context, cluster), work);
  } catch (thrown) {
    if (isUnreachable(thrown)) {
      context.warn(`${what} is taken as last known: ${(thrown as CodedError).message}`);
      return otherwise;
    }
    throw thrown;
  }
}

/**
 * Removes something as administrator. When no broker serves, what stays goes with the brokers' data
 * folders: that is a warning, so that a broken zone can be destroyed.
 */
export async function deleteFromCluster(
  context: Context,
  cluster: KafkaCluster,
  what: string,
  work: (admin: Admin) => Promise<void>,
): Promise<void> {
  try {
    await withAdmin({ ...optionsOf(context, cluster), patienceMs: DELETE_PATIENCE_MS }, work);
  } catch (thrown) {
    if (!isUnreachable(thrown)) {
      throw thrown;
    }
    context.warn(`${what} is left where it is: ${(thrown as CodedError).message}`);
  }
}

function optionsOf({ folders, signal }: Context, cluster: KafkaCluster) {
  return { folders, signal, cluster };
}
