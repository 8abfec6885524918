/** Style sheets are imported for the build, which gathers them. */
declare module '*.css';
