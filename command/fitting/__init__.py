"""What stands behind `territory fit`: what is tried, what is measured of it, what is held out, and the page."""
