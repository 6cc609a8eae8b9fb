/**
 * A module that is loaded when something of it is first read. What it names is its own from then on.
 *
 * @template {object} Module
 * @param {() => Module} load gives it, and requires it the first time
 * @param {Readonly<Record<string | symbol, unknown>>} known by name, what is given without loading it
 * @returns {Module}
 */
exports.lazyModule = (load, known = {}) => {
  // Who imports all of an ES module that was made CommonJS asks whether it is one, which loads nothing.
  const given = { __esModule: true, ...known };
  return new Proxy(
    {},
    {
      get: (_target, name) => (Object.hasOwn(given, name) ? given[name] : load()[name]),
      has: (_target, name) => name in load(),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_target, name) => {
        const found = Reflect.getOwnPropertyDescriptor(load(), name);
        return found && { ...found, configurable: true };
      },
    },
  );
};

/**
 * What is made without the stack of any error: the SDK keeps that of each promise, of which there are a dozen for a resource, and
 * tells it where somebody looks for promises that never end.
 *
 * @template Made
 * @param {() => Made} make
 * @returns {Made}
 */
exports.withoutStacks = (make) => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};
