/** What there is behind a descriptor, on the platform that this program is compiled for. */
export { filetypeOf, handedInListeners, isNonBlocking, isSocket } from "./preview1/descriptors";
