/**
 * Loaded before Pulumi's SDK, parts of which it loads at each start and a program may never call: the automation API, and
 * what writes the text of a function, with npm's tree of packages, the TypeScript compiler and V8's debugger, which makes
 * each promise slower. They took half a second of the three that staging's program has for itself. Here each is loaded
 * when it is first called.
 */
import { createRequire } from 'node:module';
import { lazyModule, withoutStacks } from './on-demand.cjs';

const [, sdk = import.meta.filename] = process.argv;
const require = createRequire(sdk);

/**
 * Puts something in the place of a module of the SDK that loads it when it is asked for anything but what is given.
 *
 * @param {string} file such as '@pulumi/pulumi/automation/index.js'
 * @param {(real: () => any) => Readonly<Record<string, unknown>>} given by name, what is known or called without the module
 */
function loadOnDemand(file, given) {
  const place = placeOf(file);
  // An SDK that has no such part.
  if (place === undefined) return;
  /** @type {any} */
  let loaded;
  const real = () => {
    if (loaded === undefined) {
      delete require.cache[place];
      loaded = require(place);
      require.cache[place] = standIn;
    }
    return loaded;
  };
  const exports = lazyModule(real, given(real));
  const standIn = /** @type {NodeJS.Module} */ (
    /** @type {unknown} */ ({ id: place, filename: place, loaded: true, exports, children: [] })
  );
  require.cache[place] = standIn;
}

/**
 * @param {string} file
 * @returns {string | undefined}
 */
function placeOf(file) {
  try {
    return require.resolve(file);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND')
      return undefined;
    throw cause;
  }
}

/**
 * Functions that load their module when they are called.
 *
 * @param {...string} names
 * @returns {(real: () => any) => Readonly<Record<string, unknown>>}
 */
function functions(...names) {
  return (real) =>
    Object.fromEntries(
      names.map((name) => [
        name,
        (/** @type {readonly unknown[]} */ ...args) => real()[name](...args),
      ]),
    );
}

loadOnDemand('@pulumi/pulumi/automation/index.js', () => ({}));
loadOnDemand(
  '@pulumi/pulumi/runtime/closure/serializeClosure.js',
  functions('serializeFunction', 'serializeFunctionAsync'),
);
loadOnDemand(
  '@pulumi/pulumi/runtime/closure/codePaths.js',
  functions('computeCodePaths', 'findWorkspaceRoot'),
);

/** Of scripts that were there before V8's debugger was asked, by their number: the SDK would not hear of them. */
const scripts = new Map();

loadOnDemand('@pulumi/pulumi/runtime/closure/v8Hooks.js', (real) => ({
  // Where a program begins it waits for this.
  isInitializedAsync: () => Promise.resolve(),
  getSessionAsync: async () => {
    if (scripts.size === 0) await readScripts();
    return await real().getSessionAsync();
  },
  getScriptUrl: (/** @type {string} */ id) => real().getScriptUrl(id) ?? scripts.get(id),
}));

async function readScripts() {
  const { Session } = await import('node:inspector/promises');
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
  await session.post('Debugger.enable');
  session.disconnect();
}

if (!process.env['PULUMI_DEBUG_PROMISE_LEAKS']) {
  loadOnDemand('@pulumi/pulumi/runtime/debuggable.js', (real) => ({
    debuggablePromise: (/** @type {Promise<unknown>} */ promise, /** @type {unknown} */ context) =>
      withoutStacks(() => real().debuggablePromise(promise, context)),
  }));
}
