package dev.spray.cli.failure;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Reads the exceptions of libraries as failures. */
public final class Failures {
  private static final int UNPROCESSABLE = 422;
  private static final int TOO_MANY_REQUESTS = 429;

  /** What an exception means to who ran the command. */
  public static Failure of(Throwable thrown) {
    return switch (thrown) {
      case Failure failure -> failure;
      case KubernetesClientException e -> ofKubernetes(e);
      case CompletionException e when e.getCause() != null -> of(e.getCause());
      case ExecutionException e when e.getCause() != null -> of(e.getCause());
      case FileSystemException e ->
          new Failure(ErrorCode.INVALID_CONFIG, "a file on this machine can't be read or written")
              .because(why(e));
      case IOException e ->
          new Failure(ErrorCode.UNREACHABLE, "the connection failed").because(said(e));
      case IllegalArgumentException e ->
          new Failure(ErrorCode.INVALID_CONFIG, "this can't be read").because(said(e));
      default ->
          new Failure(ErrorCode.UNREACHABLE, "sp-ray came upon something that it doesn't know")
              .because(thrown.toString())
              .suggesting("run it again with SP_RAY_DEBUG=1 and report what it prints");
    };
  }

  private static String why(FileSystemException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no " + e.getFile();
      case AccessDeniedException _ -> "you may not use " + e.getFile();
      default -> said(e);
    };
  }

  private static Failure ofKubernetes(KubernetesClientException e) {
    String said = said(e);
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          new Failure(ErrorCode.UNAUTHENTICATED, "the API server doesn't know you")
              .because(said)
              .suggesting("log in again, for example: gcloud container clusters get-credentials");
      case HttpURLConnection.HTTP_FORBIDDEN -> refused(said);
      case HttpURLConnection.HTTP_NOT_FOUND -> missing(e, said);
      case HttpURLConnection.HTTP_CONFLICT -> conflict(e, said);
      case HttpURLConnection.HTTP_BAD_REQUEST, UNPROCESSABLE ->
          new Failure(ErrorCode.INVALID_CONFIG, "the API server refused it").because(said);
      case TOO_MANY_REQUESTS ->
          new Failure(ErrorCode.UNREACHABLE, "the API server is overloaded")
              .because(said)
              .suggesting("try again in a moment");
      default ->
          new Failure(ErrorCode.UNREACHABLE, "the API server can't be reached or failed")
              .because(said)
              .suggesting("sp-ray doctor");
    };
  }

  private static Failure refused(String said) {
    if (said.contains("exceeded quota")) {
      return new Failure(ErrorCode.QUOTA_EXCEEDED, "the namespace's quota is used up")
          .because(said)
          .suggesting(
              "ask for less, delete what is not needed (sp-ray get clusters), or ask for more quota");
    }
    return new Failure(ErrorCode.FORBIDDEN, "you may not do that")
        .because(said)
        .suggesting("ask the team that owns the namespace, or choose another with -n");
  }

  private static Failure missing(KubernetesClientException e, String said) {
    // An API server that doesn't know a path answers in plain text, without a Status.
    if (said.equals("Not Found")
        || said.contains("page not found")
        || said.contains("could not find the requested resource")) {
      return new Failure(ErrorCode.CRD_MISSING, "this Kubernetes cluster knows no Ray clusters")
          .because("the API server has no kind RayCluster in ray.io/v1")
          .suggesting(
              "install the operator: helm install sp-ray-operator helm/sp-ray-operator, or choose another cluster with --context");
    }
    Status status = e.getStatus();
    boolean namespace =
        status != null
            && status.getDetails() != null
            && "namespaces".equals(status.getDetails().getKind());
    return new Failure(
            ErrorCode.NOT_FOUND,
            namespace ? "there is no such namespace" : "there is no such thing")
        .because(said)
        .suggesting(namespace ? "choose another namespace with -n" : "");
  }

  private static Failure conflict(KubernetesClientException e, String said) {
    String reason = e.getStatus() == null ? "" : e.getStatus().getReason();
    if ("AlreadyExists".equals(reason)) {
      return new Failure(ErrorCode.NAME_CONFLICT, "the name is taken").because(said);
    }
    return new Failure(ErrorCode.CONFLICT, "somebody else changed it at the same time")
        .because(said)
        .suggesting("look at it and try again");
  }

  /** The most telling message of an exception and its causes. */
  public static String said(Throwable thrown) {
    if (thrown instanceof KubernetesClientException e
        && e.getStatus() != null
        && e.getStatus().getMessage() != null) {
      return e.getStatus().getMessage();
    }
    String message = null;
    Throwable cause = thrown;
    for (; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case ConnectException _ -> {
          return "nobody answers at its address";
        }
        case UnknownHostException _ -> {
          return "no such host: " + cause.getMessage();
        }
        case HttpTimeoutException _ -> {
          return "it doesn't answer in time";
        }
        default -> message = cause.getMessage() == null ? message : cause.getMessage();
      }
    }
    return message == null ? thrown.getClass().getSimpleName() : message;
  }

  private Failures() {}
}
