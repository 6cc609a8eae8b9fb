/**
 * Names a file that the program writes what it declares to, as a DeclaredPlatform, before it declares its first
 * resource. A review sets it, and nothing else does: without it the program writes no file.
 */
export const DECLARED_FILE_VARIABLE = 'MERIDIAN_DECLARED_FILE';
