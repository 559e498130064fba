namespace Dify.Core.Accounts;

public enum AccountStatus
{
    /// <summary>Invited, has not chosen a name and a password.</summary>
    Pending,
    Active,
    Banned,
    Closed,
}
