/**
 * A preopened directory. It must be imported before `chat`, which assigns the descriptors after it.
 */
import { openDirectory } from "./host";

export const directory = openDirectory();
