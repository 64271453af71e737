/** The claims of requests to a Jakarta Servlet container. */
@NullMarked
package io.tenure.servlet;

import org.jspecify.annotations.NullMarked;
