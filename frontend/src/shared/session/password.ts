/** What the server takes as a password, in characters. */
export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 128;
