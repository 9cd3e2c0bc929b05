"""What is noted by the day on which it was last done here, for whoever looks after the server."""

# The first day of this store, the nightly sweep, a backup, an export, a restore.
BEGUN, SWEEP, BACKUP, EXPORT, RESTORE = "begun", "sweep", "backup", "export", "restore"
