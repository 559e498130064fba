using System.Net.Sockets;
using Dify.Core.Common;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Dify.Web.Hosting;

/// <summary>What hinders the start, in one line that tells what to change.</summary>
internal static class StartFailure
{
    private const int SqliteReadOnly = 8, SqliteIoError = 10, SqliteCorrupt = 11, SqliteFull = 13, SqliteCannotOpen = 14, SqliteNoDatabase = 26;

    /// <summary>Null for a failure that is none of the operator's making: that one keeps its stack trace.</summary>
    public static string? Explain(Exception failure, IConfiguration configuration) => failure switch
    {
        CannotStartException => failure.Message,
        OptionsValidationException invalid => string.Join(' ', invalid.Failures.Select(WithEnvironmentName)),
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => WithEnvironmentName(failure.Message),
        IOException { InnerException: AddressInUseException } =>
            $"{failure.Message.TrimEnd('.')}. Stop the other program, or choose other addresses with ASPNETCORE_URLS.",
        FormatException { TargetSite.DeclaringType.Namespace: "Microsoft.AspNetCore.Http" } =>
            $"ASPNETCORE_URLS is not valid: {failure.Message}",
        SocketException socket => $"The addresses of ASPNETCORE_URLS cannot be listened on: {socket.Message}.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
            $"PostgreSQL does not let us in: {refused.MessageText}. Check DB_USERNAME and DB_PASSWORD.",
        PostgresException refused => $"PostgreSQL refuses: {refused.MessageText} ({refused.SqlState}).",
        NpgsqlException => $"PostgreSQL cannot be reached: {failure.Message}. Check DB_HOST and DB_PORT.",
        SqliteException sqlite => Explain(sqlite, configuration),
        UnauthorizedAccessException or IOException => FolderProblem(configuration, failure.Message),
        _ => null,
    };

    private static string? Explain(SqliteException failure, IConfiguration configuration) => failure.SqliteErrorCode switch
    {
        SqliteReadOnly or SqliteIoError or SqliteCannotOpen => FolderProblem(configuration, failure.Message),
        SqliteFull => FolderProblem(configuration, "the disk is full."),
        SqliteCorrupt or SqliteNoDatabase => FolderProblem(configuration, "its database is damaged: restore a backup."),
        _ => null,
    };

    private static string FolderProblem(IConfiguration configuration, string reason) =>
        $"The data folder {DataFolder.PathFrom(configuration)} cannot be used (DIFY_DATA_DIR chooses it): {reason}";

    /// <summary>The message names the option; whoever set it knows the environment name.</summary>
    private static string WithEnvironmentName(string message) =>
        DifyEnvironment.NameIn(message) is { } name ? $"{name}: {message}" : message;
}
