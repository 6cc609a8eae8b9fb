/**
 * A module that is loaded when something of it is first read. What it names is its own from then on.
 *
 * @template {object} Module
 * @param {() => Module} load requires it
 * @returns {Module}
 */
exports.lazyModule = (load) => {
  let loaded;
  const module = () => (loaded ??= load());
  return new Proxy(
    {},
    {
      // Who imports all of an ES module that was made CommonJS asks whether it is one, which loads nothing.
      get: (_target, name) => (name === '__esModule' ? true : module()[name]),
      has: (_target, name) => name in module(),
      ownKeys: () => Reflect.ownKeys(module()),
      getOwnPropertyDescriptor: (_target, name) => {
        const found = Reflect.getOwnPropertyDescriptor(module(), name);
        return found && { ...found, configurable: true };
      },
    },
  );
};
