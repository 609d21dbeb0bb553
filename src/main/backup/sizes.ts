/** The smallest whole backup: magic, version, header's length, an empty header, its checksum, an empty text and its tag. */
export const LEAST_BYTES = 8 + 1 + 4 + 2 + 32 + 2 + 16;
/** Longest file that is read: thousands of accounts take far less. */
export const MOST_BYTES = 16 * 1024 * 1024;
