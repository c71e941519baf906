/** VitePress' own theme without its fonts: nothing is loaded that a system has. */
import Theme from "vitepress/theme-without-fonts";
import "./style.css";

export default Theme;
