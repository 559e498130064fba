using System.Data.Common;

namespace Dify.Core.Common;

/// <summary>Tells whether a failure means that the disk of the data folder or of the database is full.</summary>
public static class StorageFull
{
    private const int LinuxNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int SqliteFull = 13;
    private const string PostgresDiskFull = "53100";

    public static bool Is(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is DifyException { Code: ErrorCodes.StorageFull }
                or IOException { HResult: LinuxNoSpace or WindowsDiskFull }
                or Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: SqliteFull }
                or DbException { SqlState: PostgresDiskFull })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a person reads of it; the same call succeeds once there is space.</summary>
    public static DifyException ToDifyException(Exception failure) => new(
        ErrorCodes.StorageFull, "The server's disk is full, so nothing was saved. Whoever runs the server has to free space; then try again.", 507, failure)
    {
        IsTransient = true,
    };
}
