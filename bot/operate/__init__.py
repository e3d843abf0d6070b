"""What whoever runs the service needs beside it: backups, moving, and figures."""
