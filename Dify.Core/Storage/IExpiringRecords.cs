namespace Dify.Core.Storage;

/// <summary>Records for looking back only, such as calls to models: each kind is deleted when it is old enough.</summary>
internal interface IExpiringRecords
{
    /// <summary>Deletes what is older than <paramref name="before"/>, of all workspaces; returns how many rows.</summary>
    Task<int> DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken = default);
}
