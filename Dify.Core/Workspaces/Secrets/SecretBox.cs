namespace Dify.Core.Workspaces.Secrets;

/// <summary>
/// Encrypts credentials at rest (AES-256-GCM) under a key derived from the master key for each workspace. The master
/// key is made at first start in the data folder, or given by <c>SECRET_KEY</c>.
/// </summary>
public sealed class SecretBox
{
    public string Seal(Guid workspaceId, string plainText) => throw new NotImplementedException();

    public string Open(Guid workspaceId, string sealedText) => throw new NotImplementedException();
}
