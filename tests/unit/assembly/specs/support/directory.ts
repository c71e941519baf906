/** A directory that was handed in; to be imported before `chat`, which counts on what follows. */
import { openDirectory } from "./host";

export const directory = openDirectory();
