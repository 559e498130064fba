namespace Dify.Core.Common;

/// <summary>Codes of the wire errors. Those that Dify has keep its spelling, so that its clients keep working.</summary>
public static class ErrorCodes
{
    public const string InvalidParam = "invalid_param";
    public const string BadRequest = "bad_request";
    public const string Unauthorized = "unauthorized";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not_found";
    public const string Conflict = "conflict";
    public const string TooManyRequests = "too_many_requests";
    public const string RateLimitError = "rate_limit_error";
    public const string InternalServerError = "internal_server_error";
    public const string StorageFull = "storage_full";

    public const string AppUnavailable = "app_unavailable";
    public const string DraftConflict = "draft_conflict";
    public const string NotChatApp = "not_chat_app";
    public const string NotWorkflowApp = "not_workflow_app";
    public const string DraftWorkflowNotExist = "draft_workflow_not_exist";
    public const string DraftWorkflowNotSync = "draft_workflow_not_sync";
    public const string WorkflowHasErrors = "workflow_has_errors";
    public const string InvalidFormData = "invalid_form_data";
    public const string HumanInputFormSubmitted = "human_input_form_submitted";
    public const string HumanInputFormExpired = "human_input_form_expired";

    public const string ProviderNotInitialize = "provider_not_initialize";
    public const string ProviderQuotaExceeded = "provider_quota_exceeded";
    public const string ModelCurrentlyNotSupport = "model_currently_not_support";
    public const string CompletionRequestError = "completion_request_error";

    /// <summary>Stored secrets need another master key than the present one.</summary>
    public const string SecretKeyLost = "secret_key_lost";

    /// <summary>A stored secret was altered or damaged.</summary>
    public const string SecretUnreadable = "secret_unreadable";

    /// <summary>A request to the outside was refused because of the address that it led to.</summary>
    public const string EgressBlocked = "egress_blocked";

    public const string CodeExecutionError = "code_execution_error";
    public const string TemplateError = "template_error";
    public const string ToolError = "tool_error";

    public const string NoFileUploaded = "no_file_uploaded";
    public const string TooManyFiles = "too_many_files";
    public const string FileNotFound = "file_not_found";
    public const string FileAccessDenied = "file_access_denied";
    public const string FilenameNotExists = "filename_not_exists_error";
    public const string FileTooLarge = "file_too_large";
    public const string UnsupportedFileType = "unsupported_file_type";

    public const string DatasetNotInitialized = "dataset_not_initialized";
    public const string DatasetNameDuplicate = "dataset_name_duplicate";
    public const string ArchivedDocumentImmutable = "archived_document_immutable";
    public const string InvalidAction = "invalid_action";

    public const string AlreadySetup = "already_setup";
    public const string NotSetup = "not_setup";
    public const string AccountNotFound = "account_not_found";
    public const string EmailOrPasswordMismatch = "email_or_password_mismatch";
    public const string AccountBanned = "account_banned";
    public const string AccountLocked = "account_locked";
    public const string InvalidEmail = "invalid_email";
    public const string InvalidPassword = "invalid_password";
    public const string PasswordMismatch = "password_mismatch";
    public const string EmailInUse = "email_already_in_use";
    public const string EmailCodeError = "email_code_error";
    public const string InvalidOrExpiredToken = "invalid_or_expired_token";
    public const string InvitationInvalid = "invitation_invalid";
    public const string RegistrationNotAllowed = "registration_not_allowed";
    public const string MailNotConfigured = "mail_not_configured";
    public const string InitValidateFailed = "init_validate_failed";
    public const string CannotOperateSelf = "cannot_operate_self";
    public const string OwnerImmutable = "owner_immutable";
    public const string AlreadyMember = "already_member";
}
