/**
 * Runs `npm ci` when node_modules is missing, half-made or of another lockfile.
 *
 * @param root folder of the clone
 */
export function installPackages(root: string): Promise<void>;
export function isInstalled(root: string): boolean;
export function noteInstalled(root: string): void;
/** What to do about what npm has said. */
export function wayOut(told: string): string;
export function npmCommand(): readonly [string, ...string[]];
/** The Node.js that the packages of a folder bring. */
export function projectNode(root: string): string;
