/**
 * Gives the browser a language where it names one that is none, as Chromium without a locale does ("en-US@posix"): what
 * writes numbers refuses it as soon as it is loaded, so this is loaded first.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en' });
}

export {};
