import { connect } from 'node:net';

const LOOK_MS = 1000;
/** What is under way may take this long to undo itself. */
const GRACE_MS = 5000;

/** What ends a plugin. */
export interface PluginEnd {
  /** Host and port of the engine, by which one that died before the first look is known. */
  readonly engineAddress?: string | undefined;
  /** Undoes what is under way, or ends what this process has started. */
  readonly onEngineGone: () => unknown;
  /** How long that may take. @default 5000 */
  readonly graceMs?: number;
}

/**
 * Ends this process when the engine has died without ending it (kill -9, a closed pipe): it would stay
 * for ever. Otherwise the engine calls `cancel` and then sends SIGINT, whose default is to end; a
 * terminal's Ctrl-C does not come here, for the engine starts its plugins in process groups of their own.
 *
 * The engine is the parent of the script that started this process, which tells it in
 * `MERIDIAN_ENGINE_PID`: the engine may die while Node.js comes up.
 */
export function endWithEngine({
  engineAddress,
  onEngineGone,
  graceMs = GRACE_MS,
}: PluginEnd): void {
  const engine = Number(process.env['MERIDIAN_ENGINE_PID'] ?? process.ppid);
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    clearInterval(look);
    void onEngineGone();
    setTimeout(() => process.exit(1), graceMs);
  };
  const look = setInterval(() => {
    if (process.ppid !== engine) end();
  }, LOOK_MS);
  look.unref();
  const [, host, port] = /^(.*):(\d+)$/.exec(engineAddress ?? '') ?? [];
  if (host === undefined || port === undefined) return;
  const socket = connect({ host, port: Number(port) });
  socket.once('connect', () => socket.destroy());
  socket.once('error', end);
}
