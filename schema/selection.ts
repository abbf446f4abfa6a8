/** The fields that an answer shows of something, each with those that it shows of that; a leaf has none. */
export type Selection = ReadonlyMap<string, Selection>;
